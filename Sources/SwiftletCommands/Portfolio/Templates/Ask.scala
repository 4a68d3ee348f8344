// Asks a model that `swiftlet serve` answers for:
//   scalac -d . Ask.scala && java -cp .:/usr/share/java/scala-library.jar Ask QUESTION.json [TIMES [ADDRESS]]
import java.net.URI
import java.net.http.{HttpClient, HttpRequest, HttpResponse}
import java.nio.file.Paths

object Ask {
  def main(arguments: Array[String]): Unit = {
    val times = if (arguments.length > 1) arguments(1).toInt else 1
    val address = if (arguments.length > 2) arguments(2) else "http://localhost:8080/invocations"
    val question = HttpRequest.newBuilder(URI.create(address))
      .header("Content-Type", "application/json")
      .header("Accept", "text/csv") // the answers alone, a line for each row
      .POST(HttpRequest.BodyPublishers.ofFile(Paths.get(arguments(0))))
      .build()
    val client = HttpClient.newHttpClient() // keeps the connection open between requests
    val answers = for (_ <- 1 to times) yield {
      val response = client.send(question, HttpResponse.BodyHandlers.ofString())
      if (response.statusCode != 200) sys.error(response.statusCode + ": " + response.body)
      response.body.split("\r?\n")(0)
    }
    println(answers.last)
  }
}
