resource "modelarts_notebook" "research" {
  name     = "research"
  flavor   = "modelarts.vm.cpu.2u"
  image_id = "e1a07296-22a8-4f05-8bc8-e936c8e54090"
  volume { category = "EVS" }
  lease = { duration = "8h" }
}

resource "modelarts_notebook_storage" "research" {
  notebook_id = modelarts_notebook.research.id
  category    = "OBSFS"
  uri         = "obs://team-data/lake/"
  mount_path  = "/data/lake/"

  # If the lease has stopped the notebook, an apply starts it to change the
  # mount, and stops it again.
  start_notebook = true
}
