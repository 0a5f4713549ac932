# A notebook that was created in the console, by its name.
data "modelarts_notebook" "shared" {
  name = "shared"
}

output "shared_notebook" {
  value = "${data.modelarts_notebook.shared.status}: ${data.modelarts_notebook.shared.url}"
}
