# Registers an image of the container registry for use in notebooks.
resource "modelarts_image" "vision" {
  swr_path    = "swr.cn-north-4.myhuaweicloud.com/team/vision:1.0.0"
  description = "PyTorch with the team's libraries"

  arch                = "X86_64"
  resource_categories = ["CPU", "GPU"]
  services            = ["NOTEBOOK", "SSH"]

  tags    = ["team vision"]
  read_me = "Start with /opt/team/README."
}

resource "modelarts_notebook" "vision" {
  name     = "vision"
  flavor   = "modelarts.vm.cpu.2u"
  image_id = modelarts_image.vision.id

  volume {
    category = "EVS"
  }

  # Consent to a stop and a start when another image replaces this one.
  allow_stopping_for_update = true
}
