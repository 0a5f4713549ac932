list "modelarts_notebook_storage" "failed" {
  provider = modelarts

  config {
    workspace_ids = ["0"]
    failed        = true
  }
}
