data "modelarts_notebook" "training" {
  name = "training"
}

# In the evening: terraform apply -auto-approve
# -invoke=action.modelarts_notebook_stop.evening
action "modelarts_notebook_stop" "evening" {
  config {
    notebook_id = data.modelarts_notebook.training.id
  }
}
