# Asks a model that `swiftlet serve` answers for:  Rscript ask.R QUESTION.json [TIMES [ADDRESS]]
library(httr2)

arguments <- commandArgs(trailingOnly = TRUE)
times <- if (length(arguments) > 1) as.integer(arguments[2]) else 1L
address <- if (length(arguments) > 2) arguments[3] else "http://localhost:8080/invocations"

question <- request(address) |>
  req_body_file(arguments[1], type = "application/json") |>
  req_error(body = \(response) resp_body_string(response))
for (i in seq_len(times)) {
  answer <- question |> req_perform() |> resp_body_json(simplifyVector = TRUE)  # the connection stays open
}
cat(format(answer$predictions[1], digits = 15), "\n", sep = "")
