# A notebook whose power state Terraform does not manage: it has no
# desired_status.
resource "modelarts_notebook" "training" {
  name     = "training"
  flavor   = "modelarts.vm.cpu.2u"
  image_id = "e1a07296-22a8-4f05-8bc8-e936c8e54090"

  volume {
    category = "EVS"
  }

  lease = {
    duration = "9h"
  }
}

# In the morning: terraform apply -auto-approve
# -invoke=action.modelarts_notebook_start.morning
action "modelarts_notebook_start" "morning" {
  config {
    notebook_id = modelarts_notebook.training.id

    # A start sets a new lease. Without this block, it lasts one hour.
    lease = {
      duration = "9h"
    }
  }
}
