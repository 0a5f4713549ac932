data "modelarts_notebooks" "running" {
  all    = true
  status = "RUNNING"
}

output "unattended" {
  value = { for n in data.modelarts_notebooks.running.notebooks : n.id => n.owner.name if n.lease.enabled == false }
}
