# They cost money until they are stopped.
list "modelarts_notebook" "never_stop" {
  provider = modelarts

  config {
    workspace_ids = ["0"]
    status        = "RUNNING"
    without_lease = true
  }
}
