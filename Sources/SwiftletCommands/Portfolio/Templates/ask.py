# Asks a model that `swiftlet serve` answers for:  python3 ask.py QUESTION.json [TIMES [ADDRESS]]
import http.client
import json
import sys
from urllib.parse import urlsplit

question = open(sys.argv[1], "rb").read()
times = int(sys.argv[2]) if len(sys.argv) > 2 else 1
address = urlsplit(sys.argv[3] if len(sys.argv) > 3 else "http://localhost:8080/invocations")

connection = http.client.HTTPConnection(address.netloc)  # stays open between requests
for _ in range(times):
    connection.request("POST", address.path, question, {"Content-Type": "application/json"})
    response = connection.getresponse()
    answer = json.load(response)
    if response.status != 200:
        sys.exit(f"{response.status}: {answer}")
print(answer["predictions"][0])
