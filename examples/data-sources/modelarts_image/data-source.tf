# The newest preset PyTorch image that runs on GPU flavors.
data "modelarts_image" "pytorch" {
  name_regex        = "^pytorch"
  arch              = "X86_64"
  resource_category = "GPU"
}

# The newest image of that name that the account has saved or registered.
data "modelarts_image" "own" {
  type = "DEDICATED"
  name = "vision"
}
