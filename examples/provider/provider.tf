terraform {
  required_providers {
    modelarts = {
      source = "modelarts-community/modelarts"
    }
  }
}

# The keys come from the environment: HW_ACCESS_KEY and HW_SECRET_KEY.
provider "modelarts" {
  region = "cn-north-4"

  default_tags = {
    managed_by = "terraform"
  }

  # The provider ignores these tags, because other tools set them.
  ignore_tags = {
    keys         = ["owner"]
    key_prefixes = ["billing:"]
  }
}
