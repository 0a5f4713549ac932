#!/bin/bash
pip install pandas
