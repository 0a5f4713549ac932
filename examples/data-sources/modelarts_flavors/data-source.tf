# All GPU flavors for billed notebooks.
data "modelarts_flavors" "gpu" {
  category = "GPU"
  feature  = "NOTEBOOK"
}

# Flavors that are in stock, the smallest first.
output "gpu_flavors" {
  value = [for f in data.modelarts_flavors.gpu.flavors : "${f.id}: ${f.gpu.cards} ${f.gpu.type}, ${f.memory} GB" if !f.sold_out]
}
