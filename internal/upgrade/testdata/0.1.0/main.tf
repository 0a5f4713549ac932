# One of each kind of state that release 0.1.0 writes. Do not change it: taken.json says when and with what it was applied.

# Every argument that the same notebook can have.
resource "modelarts_notebook" "full" {
  name        = "full"
  description = "everything"
  flavor      = "modelarts.vm.cpu.2u"
  image_id    = "e1a07296-22a8-4f05-8bc8-e936c8e54090"

  volume {
    category = "EVS"
    capacity = 50
  }

  data_volumes = {
    "/data/lake/" = {
      category  = "OBSFS"
      uri       = "obs://lake/full/"
      read_only = true
    }
  }

  endpoints = {
    SSH = {
      key_pair_names     = ["key"]
      allowed_access_ips = ["203.0.113.7"]
    }
  }

  hooks = {
    post_start = {
      content = "echo started"
      mode    = "ASYNC"
    }
    pre_stop = {
      content_wo         = "echo stopped"
      content_wo_version = 1
    }
  }

  lease = {
    duration = "8h"
  }

  tags = {
    team = "vision"
  }

  allow_stopping_for_update = true
  deletion_protection       = true

  timeouts = {
    create = "30m"
  }
}

# Nothing but what is required.
resource "modelarts_notebook" "least" {
  name     = "least"
  flavor   = "modelarts.vm.cpu.2u"
  image_id = "e1a07296-22a8-4f05-8bc8-e936c8e54090"

  volume {
    category = "EVS"
  }
}

resource "modelarts_notebook" "stopped" {
  name     = "stopped"
  flavor   = "modelarts.vm.cpu.4u"
  image_id = "e1a07296-22a8-4f05-8bc8-e936c8e54090"

  volume {
    category = "EFS"
  }

  lease = {
    enabled = false
  }

  desired_status = "STOPPED"
}

resource "modelarts_notebook" "pool" {
  name     = "pool"
  image_id = "e1a07296-22a8-4f05-8bc8-e936c8e54090"
  pool_id  = "pool41664192"

  custom_spec = {
    cpu    = 2
    memory = 4096
  }

  affinity = {
    required = [{ key = "zone", operator = "In", values = ["b", "a"] }]
  }

  volume {
    category = "EVS"
  }

  lease = {
    enabled = false
  }

  desired_status = "RUNNING"
}

# Imported, and not applied since.
resource "modelarts_notebook" "imported" {
  name     = "imported"
  flavor   = "modelarts.vm.cpu.2u"
  image_id = "e1a07296-22a8-4f05-8bc8-e936c8e54090"

  volume {
    category = "EVS"
  }
}

resource "modelarts_notebook_storage" "lake" {
  notebook_id    = modelarts_notebook.least.id
  category       = "OBSFS"
  uri            = "obs://lake/least/"
  mount_path     = "/data/lake/"
  start_notebook = true
}

resource "modelarts_image" "vision" {
  swr_path            = "swr.cn-north-4.myhuaweicloud.com/team/vision:1.0.0"
  description         = "registered"
  arch                = "X86_64"
  resource_categories = ["CPU", "GPU"]
  services            = ["NOTEBOOK", "SSH"]
  tags                = ["team vision"]
  read_me             = "Start here."
}

resource "modelarts_notebook_image" "saved" {
  notebook_id     = modelarts_notebook.least.id
  namespace       = "team"
  name            = "saved"
  tag             = "1.0.0"
  description     = "saved"
  triggers        = { version = "1" }
  keep_on_destroy = true

  depends_on = [modelarts_notebook_storage.lake]
}
