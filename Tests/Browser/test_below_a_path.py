# SPDX-License-Identifier: Apache-2.0
"""The pages below a path of a proxy, which takes the path off: nginx, as Debian has it."""

import shutil
import socket
import subprocess
import tempfile
import time
import unittest
import pathlib

from browser import PROJECT, BrowserTest, ModelServer

NGINX = """
daemon off; pid {folder}/nginx.pid; error_log {folder}/error.log; worker_processes 1;
events {{}}
http {{
  access_log off; client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
  server {{
    listen 127.0.0.1:{port};
    location /some/models/ {{ proxy_pass {server}/; proxy_http_version 1.1; proxy_set_header Host $host; }}
    location = /favicon.ico {{ return 204; }}
  }}
}}
"""


@unittest.skipUnless(shutil.which("nginx"), "nginx is not installed: apt-get install nginx-light")
class BelowAPathTest(BrowserTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.server = ModelServer(PROJECT / "Models" / "iris")
        cls.addClassCleanup(cls.server.stop)
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        configuration = pathlib.Path(folder.name) / "nginx.conf"
        configuration.write_text(NGINX.format(folder=folder.name, port=port, server=cls.server.address))
        nginx = subprocess.Popen(["nginx", "-c", configuration, "-e", f"{folder.name}/error.log"])
        cls.addClassCleanup(nginx.wait, timeout=10)
        cls.addClassCleanup(nginx.terminate)
        cls.address = f"http://127.0.0.1:{port}/some/models"
        for _ in range(200):
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            except OSError:
                time.sleep(0.02)

    def test_playground(self):
        self.browser.get(f"{self.address}/#iris")
        self.wait_for(lambda: self.find(".headline").text not in ("", "…"), "an answer")
        self.assertIn(self.find(".headline").text, ("setosa", "versicolor", "virginica"))
        self.assertIn(f"{self.address}/v2/models/iris/infer", self.find("pre").text)

    def test_interface(self):
        self.browser.get(f"{self.address}/docs")
        self.wait_for(lambda: "/v2/models/{model}/infer" in self.find("main").text, "the list of paths")


if __name__ == "__main__":
    unittest.main()
