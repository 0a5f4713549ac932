list "modelarts_image" "team" {
  provider = modelarts
  limit    = 1000

  config {
    workspace_ids = ["0"]
    namespace     = "team"
  }
}
