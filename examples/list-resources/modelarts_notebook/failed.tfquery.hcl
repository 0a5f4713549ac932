# Whose create or start failed. The results include all attributes.
list "modelarts_notebook" "failed" {
  provider         = modelarts
  include_resource = true

  config {
    workspace_ids = ["0"]
    failed        = true
  }
}
