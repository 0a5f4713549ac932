resource "modelarts_image" "speech" {
  swr_path    = "swr.cn-north-4.myhuaweicloud.com/team/speech:1.0.0"
  description = "PyTorch with the team's libraries"

  arch                = "X86_64"
  resource_categories = ["CPU", "GPU"]
  services            = ["NOTEBOOK", "SSH"]

  tags    = ["team speech"]
  read_me = "Start with /opt/team/README."
}

resource "modelarts_notebook" "speech" {
  name     = "speech"
  flavor   = "modelarts.vm.cpu.2u"
  image_id = modelarts_image.speech.id

  volume {
    category = "EVS"
  }

  # Consent to a stop and a start when another image replaces this one.
  allow_stopping_for_update = true
}
