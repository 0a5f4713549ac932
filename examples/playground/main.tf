# One notebook to play with, on a simulator of the service: "make playground".

terraform {
  required_providers {
    modelarts = {
      source = "modelarts-community/modelarts"
    }
  }
}

# Region, keys and endpoints come from the environment, which "make
# playground" has set.
provider "modelarts" {}

resource "modelarts_notebook" "mine" {
  name     = "mine"
  flavor   = "modelarts.vm.cpu.2u" # try modelarts.vm.cpu.4u, or one that does not exist
  image_id = "e1a07296-22a8-4f05-8bc8-e936c8e54090"

  volume {
    category = "EVS"
    capacity = 5 # try 10, then 5 again
  }

  lease = {
    duration = "8h" # try { enabled = false }
  }

  # allow_stopping_for_update = true
  # deletion_protection       = true
}

output "url" {
  value = modelarts_notebook.mine.url
}

output "stops_at" {
  value = modelarts_notebook.mine.stops_at
}
