# Applies keep this notebook running, and no plan can delete it.
resource "modelarts_notebook" "shared" {
  name     = "shared"
  flavor   = "modelarts.vm.cpu.2u"
  image_id = "e1a07296-22a8-4f05-8bc8-e936c8e54090"

  volume {
    category = "EFS"
  }

  data_volumes = {
    "/data/lake/" = {
      category  = "OBSFS"
      uri       = "obs://my-bucket/lake/"
      read_only = true
    }
  }

  lease = {
    enabled = false
  }

  desired_status      = "RUNNING"
  deletion_protection = true
}
