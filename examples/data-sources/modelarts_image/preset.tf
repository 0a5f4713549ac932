# The newest PyTorch image that runs on GPU flavors.
data "modelarts_image" "pytorch" {
  name_regex        = "^pytorch"
  arch              = "X86_64"
  resource_category = "GPU"
}
