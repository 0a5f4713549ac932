# A notebook with a disk of its own, and two folders of a data lake in
# parallel file systems of OBS.

terraform {
  required_providers {
    modelarts = {
      source = "modelarts-community/modelarts"
    }
  }
}

# Region and keys come from the environment.
provider "modelarts" {}

resource "modelarts_notebook" "research" {
  name     = "research"
  flavor   = "modelarts.vm.cpu.4u"
  image_id = "e1a07296-22a8-4f05-8bc8-e936c8e54090"

  volume {
    category = "EVS"
    capacity = 50
  }

  # A part of the notebook: mounted at each start. A change stops the
  # notebook.
  data_volumes = {
    "/data/reference/" = {
      category  = "OBSFS"
      uri       = "obs://team-lake/reference/"
      read_only = true
    }
  }

  lease = {
    duration = "8h"
  }
}

# Mounted and unmounted while the notebook runs.
resource "modelarts_notebook_storage" "images" {
  notebook_id = modelarts_notebook.research.id
  category    = "OBSFS"
  uri         = "obs://team-lake/images/"
  mount_path  = "/data/images/"

  # If the notebook does not run, an apply that must change the mount starts
  # it, and stops it again.
  start_notebook = true
}
