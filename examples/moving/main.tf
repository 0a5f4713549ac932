# Four notebooks that the provider huaweicloud/huaweicloud created,
# rewritten for this provider.

# A notebook with a disk and tags.
moved {
  from = huaweicloud_modelarts_notebook.disk
  to   = modelarts_notebook.disk
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

  timeouts = {
    create = "20m"
    delete = "10m"
  }
}

# A notebook with its own file system, a key pair and addresses.
moved {
  from = huaweicloud_modelarts_notebook.share
  to   = modelarts_notebook.share
}

resource "modelarts_notebook" "share" {
  name     = "share"
  flavor   = "modelarts.vm.cpu.2u"
  image_id = "e1a07296-22a8-4f05-8bc8-e936c8e54090"

  volume {
    category  = "EFS"
    ownership = "DEDICATED"
    uri       = "192.168.0.1:/"
    id        = "0c0a3bd2-0a5c-4a0e-9a3b-1f6f2f0f4a11"
  }

  endpoints = {
    SSH = {
      key_pair_names     = ["my-key-pair"]
      allowed_access_ips = ["203.0.113.7", "203.0.113.8"]
    }
  }

  lease = {
    enabled = false
  }
}

# A stopped notebook. It stays stopped.
moved {
  from = huaweicloud_modelarts_notebook.stopped
  to   = modelarts_notebook.stopped
}

resource "modelarts_notebook" "stopped" {
  name     = "stopped"
  flavor   = "modelarts.vm.cpu.2u"
  image_id = "e1a07296-22a8-4f05-8bc8-e936c8e54090"

  volume {
    category = "EVS"
    capacity = 5
  }

  lease = {
    enabled = false
  }
}

# A notebook with a mounted parallel file system. An image was saved from it.
moved {
  from = huaweicloud_modelarts_notebook.mounted
  to   = modelarts_notebook.mounted
}

resource "modelarts_notebook" "mounted" {
  name     = "mounted"
  flavor   = "modelarts.vm.cpu.2u"
  image_id = "e1a07296-22a8-4f05-8bc8-e936c8e54090"

  volume {
    category = "EFS"
  }

  lease = {
    enabled = false
  }

  # The notebook uses the image that was saved from it.
  lifecycle {
    ignore_changes = [image_id]
  }
}

# The mount.
moved {
  from = huaweicloud_modelarts_notebook_mount_storage.lake
  to   = modelarts_notebook_storage.lake
}

resource "modelarts_notebook_storage" "lake" {
  notebook_id = modelarts_notebook.mounted.id
  category    = "OBSFS"
  uri         = "obs://my-file-system/lake/"
  mount_path  = "/data/lake/"
}

# The image. The other provider never deletes one, so it stays here, too.
moved {
  from = huaweicloud_modelarts_notebook_image_store.saved
  to   = modelarts_notebook_image.saved
}

resource "modelarts_notebook_image" "saved" {
  notebook_id = modelarts_notebook.mounted.id
  namespace   = "team"
  name        = "mounted"
  tag         = "1.0.0"

  keep_on_destroy = true
}
