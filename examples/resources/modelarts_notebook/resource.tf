# A notebook with a disk of 5 GB. It stops automatically eight hours after
# each start.
resource "modelarts_notebook" "training" {
  name     = "training"
  flavor   = "modelarts.vm.cpu.2u"
  image_id = "e1a07296-22a8-4f05-8bc8-e936c8e54090"
  volume { category = "EVS" }
  lease = { duration = "8h" }
}
