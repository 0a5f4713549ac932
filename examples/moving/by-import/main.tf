# Imports a notebook instead of moving it, and removes the old resource from
# the state.
import {
  to = modelarts_notebook.disk
  id = "cn-north-4/f9937afa-4451-42db-a76b-72d624749f66"
}

removed {
  from = huaweicloud_modelarts_notebook.disk

  lifecycle {
    destroy = false
  }
}

resource "modelarts_notebook" "disk" {
  name        = "disk"
  description = "a notebook with a disk"
  flavor      = "modelarts.vm.cpu.2u"
  image_id    = "e1a07296-22a8-4f05-8bc8-e936c8e54090"

  volume {
    category = "EVS"
    capacity = 20
  }

  lease = {
    enabled = false
  }

  tags = {
    team  = "vision"
    stage = "dev"
  }
}
