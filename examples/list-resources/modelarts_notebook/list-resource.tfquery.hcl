# In a file that ends in .tfquery.hcl. "terraform query" shows what it finds, and
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

# Notebooks that never stop by themselves, and cost money until somebody stops them.
list "modelarts_notebook" "never_stop" {
  provider = modelarts

  config {
    workspace_ids = ["0"]
    status        = "RUNNING"
    without_lease = true
  }
}

# What is left of failed creates and starts.
list "modelarts_notebook" "failed" {
  provider         = modelarts
  include_resource = true

  config {
    workspace_ids = ["0"]
    failed        = true
  }
}
