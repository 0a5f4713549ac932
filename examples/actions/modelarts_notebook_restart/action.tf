resource "modelarts_notebook" "training" {
  name     = "training"
  flavor   = "modelarts.vm.cpu.2u"
  image_id = "e1a07296-22a8-4f05-8bc8-e936c8e54090"

  volume {
    category = "EVS"
  }

  lease = {
    duration = "8h"
  }
}

variable "packages" {
  type    = list(string)
  default = ["torch"]
}

# The notebook reads this when it starts.
resource "terraform_data" "packages" {
  input = var.packages

  lifecycle {
    action_trigger {
      events  = [after_update]
      actions = [action.modelarts_notebook_restart.training]
    }
  }
}

# Runs when the packages change. The restart keeps the remaining time of the
# lease.
action "modelarts_notebook_restart" "training" {
  config {
    notebook_id = modelarts_notebook.training.id
  }
}
