list "modelarts_image" "saved" {
  provider = modelarts

  config {
    workspace_ids = ["0"]
    origin        = "IMAGE_SAVE"
  }
}
