# Save this in a file whose name ends in .tfquery.hcl. "terraform query" lists the notebooks, and
# "terraform query -generate-config-out=found.tf" writes a resource and an import block
# for each notebook.
list "modelarts_notebook" "found" {
  provider = modelarts
  limit    = 1000

  config {
    workspace_ids = ["0"]
    tags          = { team = "vision" }
  }
}

# Notebooks without automatic stop. They cost money until they are stopped.
list "modelarts_notebook" "never_stop" {
  provider = modelarts

  config {
    workspace_ids = ["0"]
    status        = "RUNNING"
    without_lease = true
  }
}

# Notebooks whose create or start failed.
list "modelarts_notebook" "failed" {
  provider         = modelarts
  include_resource = true

  config {
    workspace_ids = ["0"]
    failed        = true
  }
}
