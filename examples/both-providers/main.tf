# What a notebook needs comes from the provider huaweicloud/huaweicloud: an
# authorization, a key pair, a resource pool and a bucket. The notebook and
# its mount come from this provider.

terraform {
  required_providers {
    huaweicloud = {
      source = "huaweicloud/huaweicloud"
    }
    modelarts = {
      source = "modelarts-community/modelarts"
    }
  }
}

# Region and keys of both come from the same environment variables.
provider "huaweicloud" {}
provider "modelarts" {}

variable "user_id" {
  description = "ID of the IAM user who applies this configuration"
  type        = string
}

variable "public_key" {
  description = "Public SSH key in the format of OpenSSH"
  type        = string
}

variable "address" {
  description = "Public IP address that may connect over SSH"
  type        = string
}

variable "bucket" {
  description = "Name of the parallel file system, unique in OBS"
  type        = string
}

# Lets ModelArts use key pairs, images and storage for this user. A destroy
# removes the authorization.
resource "huaweicloud_modelarts_authorization" "user" {
  user_id     = var.user_id
  type        = "agency"
  agency_name = "ma_agency_lab"
}

resource "huaweicloud_kps_keypair" "lab" {
  name       = "lab"
  public_key = var.public_key
}

# A mount needs a parallel file system. A destroy fails while it has files.
resource "huaweicloud_obs_bucket" "lab" {
  bucket      = var.bucket
  parallel_fs = true
}

resource "huaweicloud_modelarts_network" "lab" {
  name = "lab-network"
  cidr = "192.168.128.0/17"
}

# A dedicated pool. Its nodes cost money until they are deleted, also while
# no notebook runs.
resource "huaweicloud_modelarts_resource_pool" "lab" {
  name       = "lab-pool"
  scope      = ["Notebook"]
  network_id = huaweicloud_modelarts_network.lab.id

  resources {
    flavor_id = "modelarts.vm.cpu.8ud"
    count     = 1
  }
}

resource "modelarts_notebook" "lab" {
  name     = "lab"
  flavor   = "modelarts.vm.cpu.2u"
  image_id = "e1a07296-22a8-4f05-8bc8-e936c8e54090"
  pool_id  = huaweicloud_modelarts_resource_pool.lab.id

  volume {
    category = "EVS"
    capacity = 20
  }

  lease = {
    duration = "8h"
  }

  endpoints = {
    SSH = {
      key_pair_names     = [huaweicloud_kps_keypair.lab.name]
      allowed_access_ips = [var.address]
    }
  }

  # No argument refers to the authorization.
  depends_on = [huaweicloud_modelarts_authorization.user]
}

resource "modelarts_notebook_storage" "data" {
  notebook_id = modelarts_notebook.lab.id
  category    = "OBSFS"
  uri         = "obs://${huaweicloud_obs_bucket.lab.bucket}/"
  mount_path  = "/data/lab/"

  # If the notebook does not run, an apply that must change the mount starts
  # it, and stops it again.
  start_notebook = true
}

output "ssh_uri" {
  value = modelarts_notebook.lab.ssh_uri
}
