# Save this in a file whose name ends in .tfquery.hcl, for "terraform query".
list "modelarts_notebook_storage" "lake" {
  provider = modelarts

  config {
    workspace_ids = ["0"]
    uri           = "obs://team-data/lake/"
  }
}

# Mounts that have failed.
list "modelarts_notebook_storage" "failed" {
  provider = modelarts

  config {
    workspace_ids = ["0"]
    failed        = true
  }
}
