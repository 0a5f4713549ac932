# The smallest flavor with a GPU, 32 GB of memory and an EVS disk.
data "modelarts_flavor" "training" {
  category   = "GPU"
  arch       = "X86_64"
  memory_min = 32
  storage    = "EVS"
}
