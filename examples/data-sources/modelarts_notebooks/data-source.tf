# All notebooks of the project that are running.
data "modelarts_notebooks" "running" {
  all    = true
  status = "RUNNING"
}

# Those that never stop by themselves, with their owners.
output "unattended" {
  value = { for n in data.modelarts_notebooks.running.notebooks : n.id => n.owner.name if n.lease.enabled == false }
}

# The credentials' own notebooks of a team.
data "modelarts_notebooks" "team" {
  tags = {
    team = "vision"
  }
}
