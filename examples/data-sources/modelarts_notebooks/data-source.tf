# All notebooks of the project that are running.
data "modelarts_notebooks" "running" {
  all    = true
  status = "RUNNING"
}

# Notebooks without automatic stop, with their owners.
output "unattended" {
  value = { for n in data.modelarts_notebooks.running.notebooks : n.id => n.owner.name if n.lease.enabled == false }
}

# The notebooks of the credentials' user with the tag of a team.
data "modelarts_notebooks" "team" {
  tags = {
    team = "vision"
  }
}
