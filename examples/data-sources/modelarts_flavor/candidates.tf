# A V100 if there is one, else a T4.
data "modelarts_flavor" "gpu" {
  candidates = ["modelarts.vm.gpu.v100", "modelarts.vm.gpu.t4"]
  storage    = "EVS"
}

output "gpu" {
  value = data.modelarts_flavor.gpu.id
}
