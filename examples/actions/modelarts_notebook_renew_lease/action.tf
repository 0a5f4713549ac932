variable "notebook_id" {
  type = string
}

# Once an hour during a training: terraform apply -auto-approve
# -invoke=action.modelarts_notebook_renew_lease.training
action "modelarts_notebook_renew_lease" "training" {
  config {
    notebook_id = var.notebook_id

    lease = {
      duration = "2h"
    }
  }
}
