output "training" {
  description = "The training notebook."
  value = {
    id       = modelarts_notebook.training.id
    status   = modelarts_notebook.training.status
    flavor   = modelarts_notebook.training.flavor
    disk     = modelarts_notebook.training.volume.capacity
    ssh      = modelarts_notebook.training.ssh_uri
    stops_at = modelarts_notebook.training.stops_at
    tags     = modelarts_notebook.training.tags_all
  }
}

output "shared" {
  description = "The shared notebook."
  value = {
    id     = modelarts_notebook.shared.id
    status = modelarts_notebook.shared.status
    image  = modelarts_notebook.shared.image.name
    url    = modelarts_notebook.shared.url
  }
}

output "shared_token" {
  description = "Opens the shared notebook's page."
  value       = modelarts_notebook.shared.token
  sensitive   = true
}

output "training_status" {
  description = "Whether the training notebook runs."
  value       = modelarts_notebook.training.status
}
