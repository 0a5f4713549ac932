# Without defaults, Terraform invents computed values: random texts, 0, false, empty lists.
mock_provider "modelarts" {
  mock_data "modelarts_flavor" {
    defaults = {
      id = "modelarts.vm.cpu.2u"
    }
  }

  mock_data "modelarts_image" {
    defaults = {
      id = "e1a07296-22a8-4f05-8bc8-e936c8e54090"
    }
  }

  mock_resource "modelarts_notebook" {
    defaults = {
      id          = "f9937afa-4451-42db-a76b-72d624749f66"
      status      = "RUNNING"
      fail_reason = null
      url         = "https://notebook.example/lab"
      stops_at    = "2026-01-31T18:00:00Z"

      lease = {
        type    = "TIMING"
        enabled = true
      }
    }
  }
}

variables {
  members = ["alice", "bob"]
}

run "every_member_has_a_notebook" {
  assert {
    condition     = toset([for n in modelarts_notebook.team : n.name]) == toset(["vision-alice", "vision-bob"])
    error_message = "The notebooks are ${jsonencode([for n in modelarts_notebook.team : n.name])}."
  }

  assert {
    condition     = alltrue([for n in modelarts_notebook.team : n.lease.enabled])
    error_message = "A notebook never stops."
  }

  assert {
    condition     = output.pages["alice"] == "https://notebook.example/lab"
    error_message = "The page of alice is ${output.pages["alice"]}."
  }
}
