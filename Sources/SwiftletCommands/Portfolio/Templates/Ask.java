// Asks a model that `swiftlet serve` answers for:  java Ask.java QUESTION.json [TIMES [ADDRESS]]
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;

public class Ask {
  public static void main(String[] arguments) throws Exception {
    int times = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 1;
    String address = arguments.length > 2 ? arguments[2] : "http://localhost:8080/invocations";
    HttpRequest question = HttpRequest.newBuilder(URI.create(address))
        .header("Content-Type", "application/json")
        .header("Accept", "text/csv")  // the answers alone, a line for each row
        .POST(HttpRequest.BodyPublishers.ofFile(Path.of(arguments[0])))
        .build();
    HttpClient client = HttpClient.newHttpClient();  // keeps the connection open between requests
    String answer = "";
    for (int i = 0; i < times; i++) {
      HttpResponse<String> response = client.send(question, HttpResponse.BodyHandlers.ofString());
      if (response.statusCode() != 200) {
        System.err.println(response.statusCode() + ": " + response.body());
        System.exit(1);
      }
      answer = response.body().lines().findFirst().orElse("");
    }
    System.out.println(answer);
  }
}
