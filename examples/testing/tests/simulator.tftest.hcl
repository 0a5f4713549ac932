# Before the test: start the simulator, and load its environment with ". ./simulator.env".
variables {
  members = ["alice", "bob"]
}

run "notebooks_run" {
  assert {
    condition     = alltrue([for n in modelarts_notebook.team : n.status == "RUNNING" && n.stops_at != null])
    error_message = "A notebook does not run, or never stops."
  }

  assert {
    condition     = alltrue([for member, n in modelarts_notebook.team : n.tags_all["member"] == member])
    error_message = "A notebook has other tags."
  }
}

run "notebooks_stop" {
  variables {
    running = false
  }

  assert {
    condition     = alltrue([for n in modelarts_notebook.team : n.status == "STOPPED" && n.stops_at == null])
    error_message = "A notebook runs."
  }

  assert {
    condition     = data.modelarts_flavor.small.id == "modelarts.vm.cpu.2u"
    error_message = "The smallest flavor is ${data.modelarts_flavor.small.id}."
  }
}
