# A notebook in which you install software, an image that is saved from it,
# and notebooks that run the image.
variable "image_version" {
  type    = string
  default = "1.0.0"
}

resource "modelarts_notebook" "workshop" {
  name     = "workshop"
  flavor   = "modelarts.vm.cpu.2u"
  image_id = "e1a07296-22a8-4f05-8bc8-e936c8e54090"

  volume {
    category = "EVS"
  }

  desired_status = "RUNNING"
}

resource "modelarts_notebook_image" "course" {
  notebook_id = modelarts_notebook.workshop.id
  namespace   = "team"
  name        = "course"
  tag         = var.image_version
  description = "Saved from the notebook workshop"

  # The notebook uses the image that was saved from it, and the service
  # refuses to delete an image that is in use. So a destroy, or a save of a
  # new version, keeps the images.
  keep_on_destroy = true

  # A new version is saved before the notebooks leave the old one.
  lifecycle {
    create_before_destroy = true
  }
}

resource "modelarts_notebook" "student" {
  count = 2

  name     = "student-${count.index}"
  flavor   = "modelarts.vm.cpu.2u"
  image_id = modelarts_notebook_image.course.id

  volume {
    category = "EVS"
  }

  # Consent to a stop and a start for a new version of the image.
  allow_stopping_for_update = true
}
