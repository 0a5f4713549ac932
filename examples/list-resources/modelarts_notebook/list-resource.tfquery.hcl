list "modelarts_notebook" "found" {
  provider = modelarts
  limit    = 1000

  config {
    workspace_ids = ["0"]
    tags          = { team = "vision" }
  }
}
