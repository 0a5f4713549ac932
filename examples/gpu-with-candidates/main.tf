# A notebook with the first GPU flavor of a list that is in stock, and an
# image that runs on it.

terraform {
  required_providers {
    modelarts = {
      source = "modelarts-community/modelarts"
    }
  }
}

# Region and keys come from the environment.
provider "modelarts" {}

variable "gpus" {
  description = "GPU flavors in the order of preference"
  type        = list(string)
  default     = ["modelarts.vm.gpu.v100", "modelarts.vm.gpu.t4"]
}

data "modelarts_flavor" "gpu" {
  candidates = var.gpus
  storage    = "EVS"
}

data "modelarts_image" "pytorch" {
  name_regex        = "^pytorch"
  arch              = data.modelarts_flavor.gpu.arch
  resource_category = data.modelarts_flavor.gpu.category
}

resource "modelarts_notebook" "training" {
  name     = "training"
  flavor   = data.modelarts_flavor.gpu.id
  image_id = data.modelarts_image.pytorch.id

  volume {
    category = "EVS"
    capacity = 100
  }

  lease = {
    duration = "4h"
  }

  # The choice is made once. Later plans keep flavor and image, also if
  # stock or catalogue change.
  lifecycle {
    ignore_changes = [flavor, image_id]
  }
}

output "gpu" {
  value = modelarts_notebook.training.flavor
}
