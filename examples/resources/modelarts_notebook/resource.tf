# A notebook with its own disk and SSH access. It stops automatically after eight hours.
resource "modelarts_notebook" "training" {
  name     = "training"
  flavor   = "modelarts.vm.cpu.4u"
  image_id = "e1a07296-22a8-4f05-8bc8-e936c8e54090"

  volume {
    category = "EVS"
    capacity = 50
  }

  lease = {
    duration = "8h"
  }

  endpoints = {
    SSH = {
      key_pair_names     = ["my-key-pair"]
      allowed_access_ips = ["203.0.113.7"]
    }
  }

  hooks = {
    post_start = {
      content = file("${path.module}/prepare.sh")
      mode    = "ASYNC"
    }
  }

  tags = {
    team = "vision"
  }

  # Consent to a stop and a start for changes that need them, such as the flavor.
  allow_stopping_for_update = true
}

# A notebook on a managed file system, with a mounted parallel file system. Applies keep it running.
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
