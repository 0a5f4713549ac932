variable "image_id" {
  description = "Image of both notebooks."
  type        = string
  default     = "e1a07296-22a8-4f05-8bc8-e936c8e54090"
}

variable "training_flavor" {
  description = "Flavor of the training notebook."
  type        = string
  default     = "modelarts.vm.cpu.2u"
}

variable "training_disk" {
  description = "Size in GB of the training notebook's disk. It can grow, and never shrinks."
  type        = number
  default     = 5
}

variable "consent" {
  description = "Whether an apply may stop the training notebook for a change."
  type        = bool
  default     = false
}

variable "protected" {
  description = "Whether the training notebook is protected from a destroy."
  type        = bool
  default     = false
}

variable "spare" {
  description = "Whether there is a third notebook."
  type        = bool
  default     = false
}
