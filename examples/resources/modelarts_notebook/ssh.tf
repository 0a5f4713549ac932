resource "modelarts_notebook" "workbench" {
  name     = "workbench"
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
      content = "pip install --requirement /home/ma-user/work/requirements.txt"
      mode    = "ASYNC"
    }
  }

  tags = {
    team = "vision"
  }

  # Consent to a stop and a start for changes that need them, such as the
  # flavor.
  allow_stopping_for_update = true
}
