# An image pipeline: a notebook installs software, is saved as an image, and
# other notebooks run the image.

terraform {
  required_providers {
    modelarts = {
      source = "modelarts-community/modelarts"
    }
  }
}

# Region and keys come from the environment.
provider "modelarts" {}

variable "image_version" {
  description = "Version of the image. Change it together with install.sh"
  type        = string
  default     = "1.0.0"
}

resource "modelarts_notebook" "workshop" {
  name     = "workshop"
  flavor   = "modelarts.vm.cpu.2u"
  image_id = "e1a07296-22a8-4f05-8bc8-e936c8e54090"

  volume {
    category = "EVS"
  }

  # The start waits for the script, so the image contains what it installs.
  hooks = {
    post_start = {
      content = file("${path.module}/install.sh")
      mode    = "BLOCK"
    }
  }

  lease = {
    duration = "1h"
  }

  desired_status            = "RUNNING"
  allow_stopping_for_update = true
}

resource "modelarts_notebook_image" "vision" {
  notebook_id = modelarts_notebook.workshop.id
  namespace   = "team"
  name        = "vision"
  tag         = var.image_version

  # Old versions stay, because notebooks may still use them.
  keep_on_destroy = true

  lifecycle {
    create_before_destroy = true
  }
}

resource "modelarts_notebook" "student" {
  count = 2

  name     = "student-${count.index}"
  flavor   = "modelarts.vm.cpu.2u"
  image_id = modelarts_notebook_image.vision.id

  volume {
    category = "EVS"
  }

  lease = {
    duration = "8h"
  }

  # Consent to a stop and a start for a new version of the image.
  allow_stopping_for_update = true
}
