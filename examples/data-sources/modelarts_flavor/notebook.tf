data "modelarts_image" "training" {
  name_regex        = "^pytorch"
  arch              = data.modelarts_flavor.training.arch
  resource_category = data.modelarts_flavor.training.category
}

resource "modelarts_notebook" "training" {
  name     = "training"
  flavor   = data.modelarts_flavor.training.id
  image_id = data.modelarts_image.training.id

  volume {
    category = "EVS"
    capacity = 50
  }

  # Choose only once, when the notebook is created. It keeps its flavor if
  # that sells out.
  lifecycle {
    ignore_changes = [flavor, image_id]
  }
}
