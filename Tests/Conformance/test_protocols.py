# SPDX-License-Identifier: Apache-2.0
"""Versions of HTTP, and a proxy in front: curl, Java's HttpClient, h2load and nginx, as Debian has them.

A program that is not installed is passed over: apt-get install openjdk-17-jdk-headless nghttp2-client nginx-light
"""
import json
import re
import shutil
import socket
import subprocess
import time
import urllib.request

import pytest

from server import ModelServer

BODY = '{"instances":[[5.1,3.5,1.4,0.2]]}'
PATH = "/v1/models/iris:predict"
JAVA = """
import java.net.URI;
import java.net.http.*;

public class Ask {
  public static void main(String[] arguments) throws Exception {
    HttpClient client = HttpClient.newHttpClient();  // the default, which offers h2c
    HttpRequest request = HttpRequest.newBuilder(URI.create(arguments[0]))
      .header("Content-Type", "application/json").POST(HttpRequest.BodyPublishers.ofString(arguments[1])).build();
    int answered = 0;
    for (int i = 0; i < 1000; i++)
      if (client.send(request, HttpResponse.BodyHandlers.ofString()).statusCode() == 200) answered++;
    System.out.println(answered);
  }
}
"""
NGINX = """
daemon off; pid {folder}/nginx.pid; error_log {folder}/error.log; worker_processes 1;
events {{ worker_connections 64; }}
http {{
  access_log off; client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/f;
  uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
  upstream swiftlet {{ server 127.0.0.1:{server}; keepalive 16; }}
  server {{
    listen 127.0.0.1:{port}; server_name models.example.com; client_max_body_size 8m; client_body_buffer_size 8m;
    location /models/ {{
      proxy_pass http://swiftlet/; proxy_http_version 1.1; proxy_set_header Connection ""; proxy_set_header Host $host;
    }}
  }}
}}
"""


def needs(program):
    return pytest.mark.skipif(shutil.which(program) is None, reason=f"{program} is not installed")


@pytest.mark.parametrize(
    ("option", "version", "count"),
    # curl 7.88 cannot use a connection with prior knowledge twice, whoever answers; h2load below does.
    [("--http2", "1.1", 3), ("--http2-prior-knowledge", "2", 1), ("--http1.0", "1.1", 3)])
def test_curl(url, option, version, count):
    printed = subprocess.run(
        ["curl", "-s", "-m", "10", option, "-d", BODY, "-w", "%{http_code} %{http_version}\n",
         *["-o", "/dev/null", url + PATH] * count],
        capture_output=True, text=True, check=True).stdout
    assert printed.splitlines() == [f"200 {version}"] * count


@needs("java")
def test_java(url, tmp_path):
    program = tmp_path / "Ask.java"
    program.write_text(JAVA)
    printed = subprocess.run(
        ["java", str(program), url + PATH, BODY], capture_output=True, text=True, check=True, timeout=120).stdout
    assert printed.strip() == "1000"


@needs("h2load")
def test_h2load(url, tmp_path):
    body = tmp_path / "body.json"
    body.write_text(BODY)
    printed = subprocess.run(
        ["h2load", "-n5000", "-c16", "-m4", "-d", str(body), "-H", "content-type: application/json", url + PATH],
        capture_output=True, text=True, check=True, timeout=60).stdout
    assert "5000 succeeded, 0 failed, 0 errored, 0 timeout" in printed, printed
    assert "5000 2xx" in printed


@pytest.fixture
def proxy(tmp_path):
    """nginx, with the models below a prefix, in front of a server of its own."""
    server = ModelServer("Models/iris", "--allowed-hosts", "models.example.com")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    configuration = tmp_path / "nginx.conf"
    configuration.write_text(NGINX.format(folder=tmp_path, server=server.port, port=port))
    nginx = subprocess.Popen([shutil.which("nginx") or "nginx", "-c", str(configuration), "-e", str(tmp_path / "error.log")])
    for _ in range(200):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            break
        except OSError:
            time.sleep(0.02)
    yield f"http://127.0.0.1:{port}/models"
    nginx.terminate()
    nginx.wait(timeout=10)
    server.end()


def asked(url, body=None, **headers):
    headers = {"Host": "models.example.com", "Content-Type": "application/json"} | headers
    return urllib.request.urlopen(urllib.request.Request(url, body, headers), timeout=20)


@needs("nginx")
def test_nginx(proxy):
    page = asked(proxy + "/", Accept="text/html,*/*;q=0.8").read().decode()
    links = [link for link in re.findall(r'(?:href|src)="([^"#]+)"', page) if link != "./"]
    assert links
    for link in links:
        assert not link.startswith("/")
        assert asked(f"{proxy}/{link}").status == 200
    origin = {"Origin": "https://models.example.com", "Sec-Fetch-Site": "same-origin"}
    for _ in range(1000):
        assert asked(proxy + PATH, BODY.encode(), **origin).status == 200
    rows = json.dumps({"instances": [[5.1, 3.5, 1.4, 0.2]], "more": " " * 4_000_000})
    assert len(json.load(asked(proxy + PATH, rows.encode()))["predictions"]) == 1
    assert json.load(asked(proxy + "/openapi.json"))["servers"] == [{"url": "./"}]
