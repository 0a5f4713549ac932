list "modelarts_notebook_storage" "lake" {
  provider = modelarts

  config {
    workspace_ids = ["0"]
    uri           = "obs://team-data/lake/"
  }
}
