# Save this in a file whose name ends in .tfquery.hcl, for "terraform query".
list "modelarts_image" "team" {
  provider = modelarts
  limit    = 1000

  config {
    workspace_ids = ["0"]
    namespace     = "team"
  }
}

# Images that were saved from notebooks.
list "modelarts_image" "saved" {
  provider = modelarts

  config {
    workspace_ids = ["0"]
    origin        = "IMAGE_SAVE"
  }
}
