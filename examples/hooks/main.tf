# A notebook that clones a repository and sets environment variables at each
# start.

terraform {
  required_providers {
    modelarts = {
      source = "modelarts-community/modelarts"
    }
  }
}

# Region and keys come from the environment.
provider "modelarts" {}

variable "repository" {
  type    = string
  default = "https://git.example.com/team/vision.git"
}

variable "environment" {
  description = "Environment variables of terminals in the notebook. State and plan contain them in plain text"
  type        = map(string)
  default = {
    EXPERIMENT = "baseline"
  }
}

resource "modelarts_notebook" "vision" {
  name     = "vision"
  flavor   = "modelarts.vm.cpu.2u"
  image_id = "e1a07296-22a8-4f05-8bc8-e936c8e54090"

  volume {
    category = "EVS"
    capacity = 20
  }

  hooks = {
    post_start = {
      content = templatefile("${path.module}/prepare.sh.tftpl", {
        environment = var.environment
        repository  = var.repository
      })
      mode = "ASYNC"
    }
  }

  lease = {
    duration = "8h"
  }

  # A change of the script stops a running notebook.
  allow_stopping_for_update = true
}
